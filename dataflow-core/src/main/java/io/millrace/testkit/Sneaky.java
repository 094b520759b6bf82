package io.millrace.testkit;

/** Lets the exceptions of user code out as they are, checked ones too, so that tests need not declare them. */
final class Sneaky {
    private Sneaky() {}

    static RuntimeException rethrow(Throwable e) {
        return Sneaky.<RuntimeException>as(e);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E as(Throwable e) throws E {
        throw (E) e;
    }
}
