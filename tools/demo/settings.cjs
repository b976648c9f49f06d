// Settings of the demo's Node-RED: this computer only, and it ends with the process that started it.
const { join } = require("node:path");

process.on("disconnect", () => process.exit(0));

module.exports = {
  uiHost: "127.0.0.1",
  uiPort: Number(process.env.FRITZ_DEMO_PORT),
  flowFile: "flows.json",
  lang: process.env.FRITZ_DEMO_LANG,
  httpStatic: [{ path: join(__dirname, "page"), root: "/calls" }],
  credentialSecret: false,
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: {
    tours: false,
    palette: { catalogues: [] },
    // `npm run dev` reloads the editor.
    ...(process.env.FRITZ_DEV_SCRIPT && { page: { scripts: [process.env.FRITZ_DEV_SCRIPT] } }),
  },
  externalModules: { palette: { allowInstall: false }, modules: { allowInstall: false } },
  diagnostics: { enabled: false },
  logging: { console: { level: "info", metrics: false, audit: false } },
};
