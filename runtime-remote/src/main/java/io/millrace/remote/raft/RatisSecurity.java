package io.millrace.remote.raft;

import io.millrace.remote.tls.CredentialFiles;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;

/** Who may say what to a member: other members only, and of Ratis's services that for members only; nobody appends from outside. */
final class RatisSecurity {
    private static final String PROTOCOL = "TLSv1.3";

    private RatisSecurity() {}

    static Parameters parameters(RaftSettings settings) {
        Parameters parameters = new Parameters();
        GrpcConfigKeys.Server.setServicesCustomizer(parameters, new MembersOnly());
        settings.security()
                .ifPresent(files -> GrpcConfigKeys.TLS.setConf(parameters, mutualTls(files, members(settings))));
        return parameters;
    }

    private static GrpcTlsConfig mutualTls(CredentialFiles files, Set<String> members) {
        GrpcTlsConfig.Builder tls = GrpcTlsConfig.newBuilder()
                .setName("millrace")
                .setKeyManager(new RenewedKey(files))
                .setTrustManager(new MembersTrust(files, members))
                .setMutualTls(true)
                // The JDK's own: the other would unpack native code.
                .setSslProvider(SslProvider.JDK);
        tls.setProtocols(PROTOCOL);
        return tls.build();
    }

    private static Set<String> members(RaftSettings settings) {
        return settings.peers().keySet().stream()
                .map(name -> "millrace://" + settings.cluster() + "/master/" + name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Refuses calls to the services that Ratis has for clients and administrators, on the port that they share with the members'. */
    private static final class MembersOnly implements GrpcServices.Customizer, ServerInterceptor {
        @Override
        public NettyServerBuilder customize(NettyServerBuilder builder, EnumSet<GrpcServices.Type> types) {
            return builder.intercept(this);
        }

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            if (RaftServerProtocolServiceGrpc.SERVICE_NAME.equals(
                    call.getMethodDescriptor().getServiceName())) {
                return next.startCall(call, headers);
            }
            call.close(
                    Status.PERMISSION_DENIED.withDescription("this port is for the masters among themselves"),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
    }
}
