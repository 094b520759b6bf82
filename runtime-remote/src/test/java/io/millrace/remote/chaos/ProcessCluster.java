package io.millrace.remote.chaos;

import io.millrace.Dataflow;
import io.millrace.remote.Cluster;
import io.millrace.remote.ClusterConfig;
import io.millrace.remote.HostPort;
import io.millrace.remote.Job;
import io.millrace.remote.testkit.FaultyNetwork;
import io.millrace.remote.testkit.FreePorts;
import io.millrace.runtime.StartOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Three masters, three executors and a client, each a JVM of its own, with a network between them. */
final class ProcessCluster {
    static final List<String> MASTERS = List.of("m1", "m2", "m3");
    static final List<String> EXECUTORS = List.of("a", "b", "c");
    static final String CLIENT = "client";

    private final FaultyNetwork network = new FaultyNetwork();
    private final Map<String, MemberProcess> members = new LinkedHashMap<>();
    private final Path directory;
    private final Path traces;
    private final Cluster observer;

    ProcessCluster(Path directory) throws IOException {
        this.directory = directory;
        this.traces = Files.createDirectories(directory.resolve("traces"));
        FreePorts ports = new FreePorts();
        Map<String, HostPort> addresses = new LinkedHashMap<>();
        Map<String, HostPort> rafts = new LinkedHashMap<>();
        for (String name : MASTERS) {
            addresses.put(name, ports.next());
            rafts.put(name, ports.next());
            network.add(name, rafts.get(name));
        }
        EXECUTORS.forEach(name -> addresses.put(name, ports.next()));
        addresses.forEach(network::add);
        String masters =
                MASTERS.stream().map(name -> addresses.get(name).toString()).collect(Collectors.joining(","));
        for (String name : MASTERS) {
            String peers = MASTERS.stream()
                    .map(peer -> peer + "=" + addresses.get(peer) + ":"
                            + network.route(name, rafts.get(peer)).port())
                    .collect(Collectors.joining(","));
            add(name, "role=master", "address=" + addresses.get(name), "raft=" + rafts.get(name), "peers=" + peers);
        }
        for (String name : EXECUTORS) {
            add(name, "role=executor", "address=" + addresses.get(name), "masters=" + masters, routes(name));
        }
        add(CLIENT, "role=client", "masters=" + masters, "traces=" + traces, routes(CLIENT));
        observer = Cluster.connect(ClusterConfig.builder()
                .name("observer")
                .masters(MASTERS.stream().map(addresses::get).toList())
                .timeout(Duration.ofSeconds(30))
                .build());
    }

    private String routes(String name) {
        return "routes="
                + network.routes(name).entrySet().stream()
                        .map(way -> way.getKey() + ">" + way.getValue())
                        .collect(Collectors.joining(","));
    }

    private void add(String name, String... arguments) {
        members.put(name, new MemberProcess(name, directory, List.of(arguments)));
    }

    /** Starts all, and the counting dataflow. */
    Job begin() throws InterruptedException {
        masters().forEach(MemberProcess::start);
        EXECUTORS.forEach(name -> member(name).start());
        Await.until(
                Duration.ofSeconds(60),
                "three executors",
                () -> observer.executors().size() == EXECUTORS.size());
        member(CLIENT).start();
        return observer.submit(Dataflow.parse(Flows.large(traces.toString())), StartOptions.DEFAULT, "chaos");
    }

    MemberProcess member(String name) {
        return members.get(name);
    }

    List<MemberProcess> masters() {
        return MASTERS.stream().map(members::get).toList();
    }

    /** The client by which it is watched, on a network without faults. */
    Cluster observer() {
        return observer;
    }

    FaultyNetwork network() {
        return network;
    }

    Path traces() {
        return traces;
    }

    /** Who told last that it leads, of those that live. */
    Optional<MemberProcess> leader() {
        @Nullable MemberProcess found = null;
        long latest = 0;
        for (MemberProcess master : masters()) {
            List<MemberProcess.Told> told = master.since(0, line -> true);
            MemberProcess.Told last = told.isEmpty() ? null : told.get(told.size() - 1);
            if (last != null && master.isAlive() && last.text().equals("LEADS") && last.nanos() > latest) {
                found = master;
                latest = last.nanos();
            }
        }
        return Optional.ofNullable(found);
    }

    /** Ends all in order: what went wrong with that. */
    List<String> close() throws IOException, InterruptedException {
        List<String> wrong = new ArrayList<>();
        observer.close();
        List<MemberProcess> all = new ArrayList<>(members.values());
        for (int i = all.size() - 1; i >= 0; i--) { // the client first, the masters last
            wrong.addAll(all.get(i).close());
        }
        network.close();
        return wrong;
    }

    /** Ends all at once. */
    void kill() throws InterruptedException {
        for (MemberProcess member : members.values()) {
            member.kill();
        }
        observer.close();
        network.close();
    }
}
