// One HTTP service, instrumented by the OpenTelemetry SDK alone: `node service.js NAME EXPORTER ENDPOINT [URL...]`.
// It answers every request after having asked each URL, and prints its port once it listens.
"use strict";

const [name, exporter, endpoint, ...urls] = process.argv.slice(2);

const { registerInstrumentations } = require("@opentelemetry/instrumentation");
const { HttpInstrumentation } = require("@opentelemetry/instrumentation-http");
const { defaultResource, resourceFromAttributes } = require("@opentelemetry/resources");
const { BatchSpanProcessor, NodeTracerProvider } = require("@opentelemetry/sdk-trace-node");
const { OTLPTraceExporter } = require(`@opentelemetry/exporter-trace-otlp-${exporter}`);

const url = exporter === "http" ? `${endpoint}/v1/traces` : endpoint;
const processor = new BatchSpanProcessor(new OTLPTraceExporter({ url }), { scheduledDelayMillis: 200 });
const described = { "service.name": name, "service.namespace": "node" };
const resource = defaultResource().merge(resourceFromAttributes(described));
new NodeTracerProvider({ resource, spanProcessors: [processor] }).register();
registerInstrumentations({ instrumentations: [new HttpInstrumentation()] });

const http = require("http");

function ask(url) {
  return new Promise((resolve, reject) => {
    http.get(url, (answer) => answer.resume().on("end", resolve)).on("error", reject);
  });
}

const server = http.createServer(async (request, response) => {
  await Promise.all(urls.map(ask));
  response.end("ok");
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
