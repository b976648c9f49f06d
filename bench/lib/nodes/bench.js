// The bench's own nodes in its Node-REDs: a sink that reports what arrives, and sources that send what the bench wants.
"use strict";
const probe = require("../probe.cjs");

module.exports = function (RED) {
  const sources = new Map();
  let waiting;

  RED.nodes.registerType("bench-sink", function (def) {
    RED.nodes.createNode(this, def);
    this.on("input", (msg, _send, done) => {
      const arrived = waiting;
      waiting = undefined;
      arrived?.(msg);
      probe.got(def.name ?? "", msg);
      done();
    });
  });
  RED.nodes.registerType("bench-source", function (def) {
    RED.nodes.createNode(this, def);
    sources.set(def.name, this);
  });

  /** Sends one message after the other and waits for the answer of each: ms, and the answers themselves. */
  probe.tasks.drive = async ({ source, messages, limitMs = 60_000 }) => {
    const times = [];
    const answers = [];
    for (const msg of messages) {
      let timer;
      const answer = new Promise((resolve, reject) => {
        waiting = resolve;
        timer = setTimeout(() => reject(new Error("no answer")), limitMs);
      });
      const from = probe.nowMs();
      sources.get(source).send(msg);
      const got = await answer.finally(() => clearTimeout(timer));
      times.push(probe.nowMs() - from);
      answers.push(structuredClone(got));
    }
    return { times, answers };
  };
  probe.tasks.listeners = () =>
    [RED.events, process]
      .flatMap((emitter) => emitter.eventNames().map((name) => emitter.listenerCount(name)))
      .reduce((sum, one) => sum + one, 0);
};
