package io.millrace.remote.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {
    private final Network network =
            Network.open(Identity.of("ship", Role.MASTER, "m1"), Security.clear(), NetworkSettings.defaults());
    private final AtomicReference<String> notReady = new AtomicReference<>("no leader yet");
    private final HealthServer server = HealthServer.start(
            network, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new HealthServer.Pages() {
                @Override
                public Optional<String> notReady() {
                    return Optional.ofNullable(notReady.get());
                }

                @Override
                public String metrics() {
                    return "millrace_jobs 3\n";
                }
            });

    @AfterEach
    void close() {
        server.close();
        network.close();
    }

    private HttpResponse<String> ask(String method, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri)
                                .method(method, HttpRequest.BodyPublishers.ofString("body"))
                                .version(HttpClient.Version.HTTP_1_1)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void shouldAnswerProbesAndCollectorsWhenTheyGet() throws Exception {
        assertThat(ask("GET", "/healthz").body()).isEqualTo("ok\n");
        assertThat(ask("GET", "/readyz").statusCode()).isEqualTo(503);
        assertThat(ask("GET", "/readyz").body()).isEqualTo("no leader yet\n");
        notReady.set(null);
        assertThat(ask("GET", "/readyz?verbose").statusCode()).isEqualTo(200);
        HttpResponse<String> metrics = ask("GET", "/metrics");
        assertThat(metrics.body()).isEqualTo("millrace_jobs 3\n");
        assertThat(metrics.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
    }

    @Test
    void shouldAnswerWithTheHeaderAloneWhenOnlyThatIsWanted() throws Exception {
        HttpResponse<String> head = ask("HEAD", "/metrics");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("content-length")).hasValue("16");
        assertThat(head.body()).isEmpty();
        assertThat(ask("HEAD", "/readyz").statusCode()).isEqualTo(503);
    }

    @Test
    void shouldRefuseWhenItIsAskedForOtherThings() throws Exception {
        assertThat(ask("POST", "/healthz").statusCode()).isEqualTo(405);
        assertThat(ask("GET", "/healthz/more").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/etc/passwd").statusCode()).isEqualTo(404);
        for (String garbage :
                new String[] {"\u0000\u0001\u0002\r\n\r\n", "GET /" + "x".repeat(6_000) + " HTTP/1.1\r\n\r\n"}) {
            try (Socket socket = new Socket(
                    InetAddress.getLoopbackAddress(), server.address().getPort())) {
                socket.setSoTimeout(60_000);
                socket.getOutputStream().write(garbage.getBytes(StandardCharsets.UTF_8));
                byte[] answer = new byte[12];
                int read = socket.getInputStream().readNBytes(answer, 0, answer.length);
                assertThat(new String(answer, 0, read, StandardCharsets.US_ASCII))
                        .isEqualTo("HTTP/1.1 400");
            }
        }
        assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(200);
    }
}
