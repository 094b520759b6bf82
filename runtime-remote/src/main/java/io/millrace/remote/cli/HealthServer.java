package io.millrace.remote.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.remote.HostPort;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Tells those who look after processes how one is: {@code /healthz}, that it lives; {@code /readyz}, whether it can be used; {@code /metrics}, figures as text in the
 * form of Prometheus. Answers nothing else, takes no input, and is for a network that is trusted..
 */
final class HealthServer implements AutoCloseable {
    private static final int BACKLOG = 16;
    private static final int THREADS = 4;

    private final HttpServer server;
    private final ExecutorService threads;

    /** What it tells. Called on a thread of the server's; must not block. */
    interface Health {
        /** Empty text where it is ready, else why not. */
        String whyNotReady();

        /** By their full names, with labels where they have some. */
        Map<String, Double> figures();
    }

    private HealthServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /** @throws IOException if the address cannot be listened on */
    static HealthServer start(HostPort address, Health health) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(address.host(), address.port()), BACKLOG);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, work -> {
            Thread made = new Thread(work, "millrace-http");
            made.setDaemon(true);
            return made;
        });
        server.setExecutor(threads);
        server.createContext("/healthz", exchange -> answer(exchange, "/healthz", () -> new Answer(200, "ok\n")));
        server.createContext("/readyz", exchange -> answer(exchange, "/readyz", () -> readiness(health)));
        server.createContext(
                "/metrics", exchange -> answer(exchange, "/metrics", () -> new Answer(200, figures(health))));
        server.start();
        return new HealthServer(server, threads);
    }

    private record Answer(int code, String text) {}

    private static Answer readiness(Health health) {
        String why = health.whyNotReady();
        return why.isEmpty() ? new Answer(200, "ready\n") : new Answer(503, why + "\n");
    }

    private static String figures(Health health) {
        Map<String, Double> figures = new TreeMap<>(health.figures());
        figures.put("millrace_ready", health.whyNotReady().isEmpty() ? 1.0 : 0.0);
        Runtime runtime = Runtime.getRuntime();
        figures.put("millrace_jvm_heap_used_bytes", (double) (runtime.totalMemory() - runtime.freeMemory()));
        figures.put("millrace_jvm_heap_max_bytes", (double) runtime.maxMemory());
        figures.put("millrace_jvm_threads", (double)
                ManagementFactory.getThreadMXBean().getThreadCount());
        figures.put(
                "millrace_uptime_seconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1e3);
        StringBuilder text = new StringBuilder();
        figures.forEach((name, value) -> text.append(String.format(Locale.ROOT, "%s %.3f%n", name, value)));
        return text.toString();
    }

    private static void answer(HttpExchange exchange, String path, Supplier<Answer> made) throws IOException {
        try (exchange) {
            boolean isKnown = exchange.getRequestURI().getPath().equals(path);
            boolean isRead = exchange.getRequestMethod().equals("GET")
                    || exchange.getRequestMethod().equals("HEAD");
            Answer answer = !isKnown
                    ? new Answer(404, "there is /healthz, /readyz and /metrics\n")
                    : isRead ? made.get() : new Answer(405, "GET only\n");
            byte[] bytes = answer.text().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.code(), isHead ? -1 : bytes.length);
            if (!isHead) {
                try (OutputStream body = exchange.getResponseBody()) {
                    body.write(bytes);
                }
            }
        }
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
