package io.millrace.local.code;

import io.millrace.node.Node;
import io.millrace.node.Operator;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** A class that a dataflow file names, found fit to be a node. Any thread. */
public final class NodeClass {
    private final Constructor<?> constructor;

    private NodeClass(Constructor<?> constructor) {
        this.constructor = constructor;
    }

    /** Says why a class cannot be a node. */
    public static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableException(String message, Throwable cause) {
            super(message, cause);
        }

        UnusableException(String message) {
            super(message);
        }
    }

    /** Loads and initialises the class. */
    public static NodeClass find(String name, ClassLoader loader) throws UnusableException {
        return of(name, load(name, true, loader));
    }

    /** Loads the class without running any of its code. */
    public static NodeClass inspect(String name, ClassLoader loader) throws UnusableException {
        return of(name, load(name, false, loader));
    }

    private static NodeClass of(String name, Class<?> type) throws UnusableException {
        if (!Node.class.isAssignableFrom(type) && !Operator.class.isAssignableFrom(type)) {
            throw new UnusableException("class '" + name + "' implements neither " + Operator.class.getName() + " nor "
                    + Node.class.getName());
        }
        if (Node.class.isAssignableFrom(type) && Operator.class.isAssignableFrom(type)) {
            throw new UnusableException("class '" + name + "' implements both " + Operator.class.getName() + " and "
                    + Node.class.getName() + ": a node either reacts or has its own loop");
        }
        if (!Modifier.isPublic(type.getModifiers()) || Modifier.isAbstract(type.getModifiers())) {
            throw new UnusableException("class '" + name + "' must be public and not abstract");
        }
        return new NodeClass(constructor(name, type));
    }

    private static Constructor<?> constructor(String name, Class<?> type) throws UnusableException {
        try {
            Constructor<?> found = type.getConstructor();
            if (!found.canAccess(null)) {
                Module own = NodeClass.class.getModule();
                throw new UnusableException("class '" + name + "' is not accessible: its module '"
                        + type.getModule().getName() + "' must export or open package '" + type.getPackageName()
                        + "' to " + (own.isNamed() ? own : "the class path"));
            }
            return found;
        } catch (NoSuchMethodException e) {
            throw new UnusableException("class '" + name + "' needs a public constructor without parameters", e);
        }
    }

    private static Class<?> load(String name, boolean initialises, ClassLoader loader) throws UnusableException {
        try {
            return Class.forName(name, initialises, loader);
        } catch (ClassNotFoundException e) {
            throw new UnusableException(
                    "class '" + name + "' is not found: neither in the application's class path nor in the node's"
                            + " 'classpath'; check the name, with its package, and for a nested class a '$'",
                    e);
        } catch (UnsupportedClassVersionError e) {
            throw new UnusableException(
                    "class '" + name + "' was compiled for a newer Java than this one, "
                            + Runtime.version().feature() + ": " + e.getMessage(),
                    e);
        } catch (ExceptionInInitializerError e) {
            throw new UnusableException(
                    "class '" + name + "' cannot be initialised: its static initialiser threw "
                            + ThrownText.of(e.getCause() == null ? e : e.getCause()),
                    e);
        } catch (Error e) { // of linking, or thrown by the initialiser: whichever it is, the class cannot be used
            throw new UnusableException("class '" + name + "' cannot be loaded: " + ThrownText.of(e), e);
        }
    }

    /** By which loader it was loaded; null for the JDK's innermost. */
    public @Nullable ClassLoader loader() {
        return constructor.getDeclaringClass().getClassLoader();
    }

    public boolean isOperator() {
        return Operator.class.isAssignableFrom(constructor.getDeclaringClass());
    }

    /** A new instance; what its constructor throws comes out as it is. */
    public <T> T create(Class<T> type) throws Exception {
        try {
            return type.cast(constructor.newInstance());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e;
        }
    }
}
