// Settings of the demo's Node-RED: this computer only, and it ends with the process that started it.
process.on("disconnect", () => process.exit(0));

module.exports = {
  uiHost: "127.0.0.1",
  uiPort: Number(process.env.FRITZ_DEMO_PORT),
  flowFile: "flows.json",
  credentialSecret: false,
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false, palette: { catalogues: [] } },
  externalModules: { palette: { allowInstall: false }, modules: { allowInstall: false } },
  diagnostics: { enabled: false },
  logging: { console: { level: "info", metrics: false, audit: false } },
};
