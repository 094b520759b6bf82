package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.remote.HostPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {
    private final AtomicReference<String> why = new AtomicReference<>("");
    private HealthServer server;

    @BeforeEach
    void start() throws IOException {
        server = HealthServer.start(new HostPort("127.0.0.1", 0), new HealthServer.Health() {
            @Override
            public String whyNotReady() {
                return why.get();
            }

            @Override
            public Map<String, Double> figures() {
                return Map.of("millrace_parts{state=\"running\"}", 3.0);
            }
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri)
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void shouldLiveEvenWhenItIsNotReady() throws Exception {
        why.set("no master has registered it yet");

        assertThat(send("GET", "/healthz").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/readyz").statusCode()).isEqualTo(503);
        assertThat(send("GET", "/readyz").body()).isEqualTo("no master has registered it yet\n");
    }

    @Test
    void shouldSayThatItIsReadyWhenNothingIsInTheWay() throws Exception {
        assertThat(send("GET", "/readyz").statusCode()).isEqualTo(200);
        assertThat(send("HEAD", "/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldTellFiguresInTheFormOfPrometheus() throws Exception {
        assertThat(send("GET", "/metrics").body().lines())
                .contains("millrace_ready 1.000", "millrace_parts{state=\"running\"} 3.000")
                .allMatch(line -> line.matches("[a-z_]+(\\{[^}]*})? [0-9.]+"));
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() throws Exception {
        assertThat(send("GET", "/healthz/more").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/").statusCode()).isEqualTo(404);
        assertThat(send("POST", "/healthz").statusCode()).isEqualTo(405);
    }
}
