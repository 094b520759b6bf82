package io.millrace.remote.raft;

import io.millrace.remote.log.LogUnavailableException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.security.TlsConf;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;

/** Who may say what to a member: other members only, and of Ratis's services that for members only; nobody appends from outside. */
final class RatisSecurity {
    private RatisSecurity() {}

    static Parameters parameters(RaftSettings settings) {
        Parameters parameters = new Parameters();
        GrpcConfigKeys.Server.setServicesCustomizer(parameters, new MembersOnly());
        settings.security()
                .ifPresent(security -> GrpcConfigKeys.TLS.setConf(parameters, mutualTls(security, members(settings))));
        return parameters;
    }

    private static GrpcTlsConfig mutualTls(RaftSecurity security, Set<String> members) {
        try {
            return GrpcTlsConfig.newBuilder()
                    .setName("millrace")
                    .setKeyCertificates(new TlsConf.CertificatesConf(readable(security.certificateChain())))
                    .setPrivateKey(new TlsConf.PrivateKeyConf(readable(security.key())))
                    .setTrustManager(new MembersTrust(authority(security.trusted()), members))
                    .setMutualTls(true)
                    // The JDK's own: the other would unpack native code.
                    .setSslProvider(SslProvider.JDK)
                    .build();
        } catch (IOException | GeneralSecurityException e) {
            throw new LogUnavailableException("TLS between masters cannot be set up: " + Causes.line(e), e);
        }
    }

    private static Set<String> members(RaftSettings settings) {
        return settings.peers().keySet().stream()
                .map(name -> "millrace://" + settings.cluster() + "/master/" + name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static File readable(Path pem) throws IOException {
        if (!Files.isReadable(pem)) {
            throw new IOException("'" + pem + "' cannot be read");
        }
        return pem.toFile();
    }

    private static X509ExtendedTrustManager authority(Path pem) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int count = 0;
        try (InputStream in = Files.newInputStream(pem)) {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + count++, each);
            }
        }
        if (count == 0) {
            throw new IOException("'" + pem + "' holds no certificate");
        }
        return trusting(store);
    }

    private static X509ExtendedTrustManager trusting(KeyStore store)
            throws NoSuchAlgorithmException, KeyStoreException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager each : factory.getTrustManagers()) {
            if (each instanceof X509ExtendedTrustManager manager) {
                return manager;
            }
        }
        throw new NoSuchAlgorithmException("this JVM has no trust manager for X.509 certificates");
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
