package io.millrace.remote.raft;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.Channel;
import org.apache.ratis.thirdparty.io.grpc.ClientCall;
import org.apache.ratis.thirdparty.io.grpc.ClientInterceptor;
import org.apache.ratis.thirdparty.io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import org.apache.ratis.thirdparty.io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import org.apache.ratis.thirdparty.io.grpc.InternalConfigurator;
import org.apache.ratis.thirdparty.io.grpc.InternalConfiguratorRegistry;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.util.ExitUtils;

/**
 * Makes Ratis fit to be a guest in somebody's process, before any other class of it is used. All of it concerns the whole process, but nothing
 * in it other than Ratis: even its gRPC is a copy of its own.
 *
 * <p>By itself Ratis ends the process at any exception that any thread does not catch, and reads Java objects from the errors that its
 * peers answer with. It also unpacks native code, and tells the world so.
 */
final class RatisInProcess {
    private static final Metadata.Key<byte[]> SERIALIZED_EXCEPTION =
            Metadata.Key.of("exception-object-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static final String WITHOUT_NATIVE_CODE = "org.apache.ratis.thirdparty.io.netty.transport.noNative";

    /** Held so that it is not forgotten: gRPC speaks through the JDK's loggers, which print on standard error by themselves. */
    private static final Logger GRPC = Logger.getLogger("org.apache.ratis.thirdparty");

    private static final boolean DONE = tame();

    private RatisInProcess() {}

    /** Returns once it is done; says false where another user of Ratis was first, so that peers' errors are still read as objects. */
    static boolean ensureTame() {
        return DONE;
    }

    private static boolean tame() {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        ExitUtils.disableSystemExit();
        ExitUtils.setTerminateOnUncaughtException(false);
        Thread.setDefaultUncaughtExceptionHandler(before);
        if (System.getProperty(WITHOUT_NATIVE_CODE) == null) {
            System.setProperty(WITHOUT_NATIVE_CODE, "true");
        }
        if (GRPC.getLevel() == null) {
            GRPC.setLevel(Level.WARNING);
        }
        try {
            InternalConfiguratorRegistry.setConfigurators(List.of(new WithoutSerializedExceptions()));
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static final class WithoutSerializedExceptions implements InternalConfigurator, ClientInterceptor {
        @Override
        public void configureChannelBuilder(ManagedChannelBuilder<?> builder) {
            builder.intercept(this);
        }

        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<A> listener, Metadata headers) {
                    super.start(
                            new SimpleForwardingClientCallListener<>(listener) {
                                @Override
                                public void onClose(Status status, Metadata trailers) {
                                    trailers.discardAll(SERIALIZED_EXCEPTION);
                                    super.onClose(status, trailers);
                                }
                            },
                            headers);
                }
            };
        }
    }
}
