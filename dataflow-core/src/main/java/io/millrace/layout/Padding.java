package io.millrace.layout;

/**
 * Two cache lines in front of the fields of what one thread writes for every message.
 *
 * <p>The garbage collector puts objects next to each other as it finds them, whichever threads use them. Where a field that one thread writes all the time shares a line, or a pair of lines, with
 * anything that another thread looks at, each takes the line away from the other: messages then take two to three times as long, in some runs and for the whole of them, and in others not. So what is
 * written at message rate keeps this distance on both sides: by this class in front, and behind by a subclass that has no other fields, for a class's own fields never
 * mix with those of its superclass.
 *
 * <p>Words of 4 bytes, for a JVM fills gaps between longer ones with other fields.
 */
@SuppressWarnings({"unused", "MultipleVariableDeclarations"})
public abstract class Padding {
    private int f00, f01, f02, f03, f04, f05, f06, f07, f08, f09, f10, f11, f12, f13, f14, f15;
    private int f16, f17, f18, f19, f20, f21, f22, f23, f24, f25, f26, f27, f28, f29, f30, f31;

    protected Padding() {}
}
