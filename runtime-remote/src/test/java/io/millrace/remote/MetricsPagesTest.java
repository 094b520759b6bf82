package io.millrace.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.Dataflow;
import io.millrace.runtime.RunningDataflow;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What collectors read of the members of a cluster. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class MetricsPagesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HostPort ANY = new HostPort("127.0.0.1", 0);
    private static final String OVER = "{job=\"flow\",edge=\"beat/op/numbers -> far/op/in\"";

    @TempDir
    private Path directory;

    private static HttpResponse<String> get(InetSocketAddress address, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + address.getPort() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static MetricsText metrics(InetSocketAddress address) throws Exception {
        HttpResponse<String> page = get(address, "/metrics");
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        return MetricsText.parse(page.body());
    }

    private Executor executor(String machine, List<HostPort> masters) {
        return Executor.start(ExecutorConfig.builder(machine)
                .masters(masters)
                .address(ANY)
                .httpAddress(ANY)
                .workingDirectory(directory.resolve(machine))
                .build());
    }

    @Test
    void shouldTellOfMastersExecutorsEdgesAndLinksWhenADataflowRuns() throws Exception {
        MasterConfig config = MasterConfig.builder("m1", directory.resolve("m1"))
                .address(ANY)
                .raftAddress(new HostPort("127.0.0.1", QuickCluster.freePort()))
                .electionTimeout(Duration.ofMillis(500))
                .httpAddress(ANY)
                .build();
        try (Master master = Master.start(config)) {
            List<HostPort> masters =
                    List.of(new HostPort("127.0.0.1", master.address().getPort()));
            try (Executor a = executor("a", masters);
                    Executor b = executor("b", masters);
                    Cluster cluster = Cluster.connect(
                            ClusterConfig.builder().masters(masters).build())) {
                a.awaitRegistered(PATIENCE);
                b.awaitRegistered(PATIENCE);
                try (RunningDataflow running = Dataflow.parse("""
                        name: flow
                        nodes:
                          - id: beat
                            deploy: {machine: a}
                            operator:
                              class: io.millrace.remote.cli.nodes.Ticking
                              inputs: {tick: dora/timer/millis/10}
                              outputs: [numbers]
                          - id: far
                            deploy: {machine: b}
                            operator:
                              class: io.millrace.remote.cli.nodes.Ticking
                              inputs: {in: {source: beat/op/numbers, queue_policy: backpressure}}
                              outputs: [numbers]
                        """).start(cluster)) {
                    assertThat(running.graph().nodes()).hasSize(2);
                    await().atMost(PATIENCE)
                            .until(() ->
                                    metrics(address(b)).value(edge("millrace_edge_received_messages_total", "")) > 3);
                    checkExecutors(metrics(address(a)), metrics(address(b)));
                }
                checkMaster(master);
            }
        }
    }

    private static InetSocketAddress address(Executor executor) {
        return executor.httpAddress().orElseThrow();
    }

    private static String edge(String name, String more) {
        return name + OVER + more + "}";
    }

    private static void checkExecutors(MetricsText producer, MetricsText consumer) {
        assertThat(producer.value("millrace_ready")).isOne();
        assertThat(producer.value("millrace_jvm_heap_used_bytes")).isPositive();
        assertThat(producer.value("millrace_jvm_heap_max_bytes")).isPositive();
        assertThat(producer.value("millrace_jvm_threads")).isPositive();
        assertThat(producer.value("millrace_uptime_seconds")).isPositive();
        assertThat(producer.value("millrace_executor_registered")).isOne();
        assertThat(producer.value("millrace_executor_nodes")).isOne();
        assertThat(producer.value("millrace_executor_lease_age_seconds")).isNotNegative();
        assertThat(producer.value("millrace_executor_parts{state=\"running\"}")).isOne();
        assertThat(producer.value("millrace_executor_links{state=\"up\"}")).isOne();
        assertThat(producer.value("millrace_link_sent_bytes_total{peer=\"b\"}")).isPositive();
        assertThat(consumer.value("millrace_link_received_bytes_total{peer=\"a\"}"))
                .isPositive();
        assertThat(producer.value("millrace_link_connections_total{peer=\"b\"}"))
                .isPositive();
        assertThat(producer.value(edge("millrace_edge_sent_messages_total", "")))
                .isGreaterThan(3);
        assertThat(producer.value(edge("millrace_edge_lost_messages_total", ",reason=\"dropped\"")))
                .isZero();
        assertThat(consumer.value(edge("millrace_edge_backlog_messages", ""))).isNotNegative();
        assertThat(producer.value(edge("millrace_link_messages_total", ",direction=\"out\"")))
                .isGreaterThan(3);
        assertThat(consumer.value(edge("millrace_link_messages_total", ",direction=\"in\"")))
                .isGreaterThan(3);
        assertThat(producer.value(edge("millrace_link_credit_stall_seconds_total", ",direction=\"out\"")))
                .isNotNegative();
        assertThat(producer.value("millrace_edges_left_out")).isZero();
    }

    private static void checkMaster(Master master) throws Exception {
        InetSocketAddress probed = master.httpAddress().orElseThrow();
        MetricsText page = metrics(probed);
        assertThat(get(probed, "/readyz").statusCode()).isEqualTo(200);
        assertThat(page.value("millrace_ready")).isOne();
        assertThat(page.value("millrace_master_leads")).isOne();
        assertThat(page.value("millrace_master_term")).isPositive();
        assertThat(page.value("millrace_master_log_index")).isPositive();
        assertThat(page.value("millrace_master_executors_lost_total")).isZero();
        assertThat(page.value("millrace_executors{condition=\"joined\"}")).isEqualTo(2);
        assertThat(page.value("millrace_executors{condition=\"lost\"}")).isZero();
        assertThat(page.samples().entrySet().stream()
                        .filter(sample -> sample.getKey().startsWith("millrace_jobs{"))
                        .mapToDouble(sample -> sample.getValue())
                        .sum())
                .isEqualTo(1);
    }

    @Test
    void shouldNotBeReadyAndSayWhyWhenThereIsNoMaster() throws Exception {
        try (Executor lonely = executor("lonely", List.of(new HostPort("127.0.0.1", QuickCluster.freePort())))) {
            HttpResponse<String> ready = get(address(lonely), "/readyz");

            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).isEqualTo("no leading master has registered it\n");
            assertThat(get(address(lonely), "/healthz").statusCode()).isEqualTo(200);
            assertThat(metrics(address(lonely)).value("millrace_ready")).isZero();
            assertThat(metrics(address(lonely)).samples()).doesNotContainKey("millrace_executor_lease_age_seconds");
        }
    }
}
