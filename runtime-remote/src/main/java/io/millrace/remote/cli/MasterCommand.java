package io.millrace.remote.cli;

import io.millrace.remote.HostPort;
import io.millrace.remote.Master;
import io.millrace.remote.MasterConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code millrace master}. */
@Command(
        name = "master",
        aliases = "coordinator",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description =
                "Runs a master: alone, or one of three or more that agree on what the cluster does, until it is stopped.",
        footer = {
            "",
            "Exit code: 0 it was stopped, 1 it could not begin, 2 the command cannot be used as it is written."
        })
final class MasterCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "master",
            description = "Its own among the masters. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String name;

    @Option(
            names = "--addr",
            paramLabel = "HOST[:PORT]",
            converter = Addresses.OfMaster.class,
            defaultValue = "127.0.0.1",
            description = "Where executors and clients reach it; 0.0.0.0 for every address. Default: ${DEFAULT-VALUE}:"
                    + Addresses.MASTER_PORT + ".")
    @SuppressWarnings("NullAway.Init")
    private HostPort address;

    @Option(
            names = "--advertise-addr",
            paramLabel = "HOST[:PORT]",
            converter = Addresses.OfMaster.class,
            description = "Where they reach it, if that is another address.")
    private @Nullable HostPort advertised;

    @Option(
            names = "--raft-addr",
            paramLabel = "HOST[:PORT]",
            converter = Addresses.OfRaft.class,
            description =
                    "Where it listens for the other masters, if not where --peers has it; 0.0.0.0 for every address. Default without --peers: 127.0.0.1:"
                            + Addresses.RAFT_PORT + ".")
    private @Nullable HostPort raftAddress;

    @Option(
            names = "--peers",
            paramLabel = "NAME=HOST[:PORT[:RAFT-PORT]]",
            split = ",",
            converter = PeerConverter.class,
            description = {
                "All masters, this one among them, where there is more than one: where executors, clients and the other masters reach each.",
                "The same for all of them; three, or five."
            })
    private List<MasterConfig.MasterPeer> peers = List.of();

    @Option(
            names = "--data-dir",
            required = true,
            paramLabel = "DIR",
            description = "Where it keeps what it must not forget: its own, on a disk that lasts.")
    @SuppressWarnings("NullAway.Init")
    private Path dataDirectory;

    @Mixin
    private final LeaseOptions times = new LeaseOptions();

    @Mixin
    private final MemberOptions member = new MemberOptions();

    MasterCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        Service service = member.service(console, "master '" + name + "'");
        return service.run(() -> start(service));
    }

    private Service.Running start(Service service) {
        Master master = Master.start(config());
        service.say("listens at " + Addresses.text(master.address()) + ", with its data in '"
                + dataDirectory.toAbsolutePath() + "'");
        master.httpAddress().ifPresent(probed -> service.say("answers probes at " + Addresses.text(probed)));
        master.stopped().thenAccept(reason -> service.fail(new IllegalStateException("cannot go on: " + reason)));
        return reason -> master.close();
    }

    private MasterConfig config() {
        MasterConfig.Builder config = MasterConfig.builder(name, dataDirectory)
                .cluster(member.cluster())
                .address(address)
                .peers(peers)
                .insecure(member.isInsecure());
        member.tls().ifPresent(config::tls);
        if (advertised != null) {
            config.advertiseAddress(advertised);
        }
        if (raftAddress != null) {
            config.raftAddress(raftAddress);
        }
        member.httpAddress().ifPresent(config::httpAddress);
        times.into(config);
        return config.build();
    }

    /** Reads {@code m1=host:53290:53292}. */
    static final class PeerConverter implements ITypeConverter<MasterConfig.MasterPeer> {
        @Override
        public MasterConfig.MasterPeer convert(String text) {
            try {
                return MasterConfig.MasterPeer.parse(text.strip());
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
