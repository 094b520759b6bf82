package io.millrace.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** The median of several measurements, with the least and the most of them. */
public record Spread(double median, double least, double most) {

    /** @throws IllegalArgumentException if there are no values */
    public static Spread of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("there is no median of nothing");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** With so many decimals: {@code 412 (405-430)}. */
    public String text(int decimals) {
        String number = "%." + decimals + "f";
        return String.format(Locale.ROOT, number + " (" + number + "-" + number + ")", median, least, most);
    }
}
