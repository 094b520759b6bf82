package io.millrace.local.nativecode;

/** What a JVM is told so that it lets us call native code without a warning. */
public final class NativeAccess {
    private NativeAccess() {}

    /** For the command line of a JVM that has us where this one has: on its class path or its module path. */
    public static String flag() {
        Module own = NativeAccess.class.getModule();
        return "--enable-native-access=" + (own.isNamed() ? own.getName() : "ALL-UNNAMED");
    }
}
