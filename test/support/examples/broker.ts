/** Test support: a client of the MQTT broker, the one that Node-RED itself brings. */
import { until } from "../wait";

interface MqttClient {
  on(event: "message", printing: (topic: string, payload: Buffer) => void): void;
  subscribe(topics: string[], done: (error: Error | null) => void): void;
  publish(topic: string, payload: string): void;
  end(force: boolean): void;
}

/** Subscribes, and keeps what comes. */
export async function connectTo(port: number, topics: string[]) {
  const { connect } = (await import("mqtt")) as { connect: (url: string) => MqttClient };
  const client = connect(`mqtt://127.0.0.1:${port}`);
  const messages: { topic: string; text: string }[] = [];
  client.on("message", (topic, payload) => messages.push({ topic, text: payload.toString() }));
  let isSubscribed = false;
  client.subscribe(topics, (error) => (isSubscribed = error === null));
  await until("the broker", () => isSubscribed);
  return {
    messages,
    get texts(): string[] {
      return messages.map(({ text }) => text);
    },
    publish: (topic: string, text: string) => client.publish(topic, text),
    end: () => client.end(true),
  };
}
