package io.millrace.samples.mixed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * The figures of the sample, found in another way: sentences split as text, the grid looked up sample by sample, the transform as the sum that defines it. Shares no code with the
 * sample.
 */
final class IndependentSpectra {
    private static final int BLOCK = 256;
    private static final int HOP = 128;
    private static final long INTERVAL_MS = 2000;
    private static final long LONGEST_GAP_MS = 30_000;

    /** The figures of one signal, in the words of the summary. */
    record Figures(
            int spectra,
            double mean,
            double standardDeviation,
            double shareSlowerThan60s,
            double shareSlowerThan10s,
            double slope) {}

    private record Sample(long timeMs, double value) {}

    private final List<Sample> depths = new ArrayList<>();
    private final List<Sample> winds = new ArrayList<>();
    private long nowMs = -1;

    IndependentSpectra(Path log) throws IOException {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(log)), StandardCharsets.ISO_8859_1))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                read(line);
            }
        }
    }

    /** Of the log that the sample carries, which is whole and does not pass midnight. */
    private void read(String line) {
        int star = line.indexOf('*');
        if (star < 0) {
            return;
        }
        String[] fields = line.substring(0, star).split(",", -1);
        switch (fields[0]) {
            case "$GPZDA" -> nowMs = time(fields[1]);
            case "$GPGLL" -> nowMs = fields[6].equals("A") ? time(fields[5]) : nowMs;
            case "$IIDBT" -> add(depths, fields[3]);
            case "$IIMWV" -> {
                if (fields[2].equals("R") && fields[5].equals("A")) {
                    add(winds, fields[3]);
                }
            }
            default -> {
                // Other instruments.
            }
        }
    }

    private static long time(String written) {
        long hours = Long.parseLong(written.substring(0, 2));
        long minutes = Long.parseLong(written.substring(2, 4));
        return Math.round((hours * 3600 + minutes * 60 + Double.parseDouble(written.substring(4))) * 1000);
    }

    private void add(List<Sample> samples, String value) {
        boolean isLater =
                samples.isEmpty() || nowMs > samples.get(samples.size() - 1).timeMs();
        if (nowMs >= 0 && isLater && !value.isEmpty()) {
            samples.add(new Sample(nowMs, Double.parseDouble(value)));
        }
    }

    Figures depth() {
        return figures(blocks(depths));
    }

    Figures wind() {
        return figures(blocks(winds));
    }

    private static List<double[]> blocks(List<Sample> samples) {
        List<double[]> blocks = new ArrayList<>();
        int begin = 0;
        for (int i = 1; i <= samples.size(); i++) {
            boolean isGap = i < samples.size()
                    && samples.get(i).timeMs() - samples.get(i - 1).timeMs() > LONGEST_GAP_MS;
            if (isGap || i == samples.size()) {
                blocks.addAll(blocksWithoutGap(samples.subList(begin, i)));
                begin = i;
            }
        }
        return blocks;
    }

    private static List<double[]> blocksWithoutGap(List<Sample> samples) {
        List<Double> grid = new ArrayList<>();
        long firstMs = (samples.get(0).timeMs() + INTERVAL_MS - 1) / INTERVAL_MS * INTERVAL_MS;
        int at = 0;
        for (long timeMs = firstMs; timeMs < samples.get(samples.size() - 1).timeMs(); timeMs += INTERVAL_MS) {
            while (samples.get(at + 1).timeMs() <= timeMs) {
                at++;
            }
            Sample before = samples.get(at);
            Sample behind = samples.get(at + 1);
            double part = (double) (timeMs - before.timeMs()) / (behind.timeMs() - before.timeMs());
            grid.add(before.value() * (1 - part) + behind.value() * part);
        }
        List<double[]> blocks = new ArrayList<>();
        for (int from = 0; from + BLOCK <= grid.size(); from += HOP) {
            blocks.add(grid.subList(from, from + BLOCK).stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray());
        }
        return blocks;
    }

    private static Figures figures(List<double[]> blocks) {
        double[] density = new double[BLOCK / 2 + 1];
        double mean = 0;
        for (double[] block : blocks) {
            double[] one = density(block, INTERVAL_MS / 1000.0);
            for (int i = 0; i < one.length; i++) {
                density[i] += one[i] / blocks.size();
            }
            for (double sample : block) {
                mean += sample / BLOCK / blocks.size();
            }
        }
        double total = 0;
        double above60 = 0;
        double above10 = 0;
        double[][] points = new double[density.length][];
        for (int i = 0; i < density.length; i++) {
            double seconds = BLOCK * INTERVAL_MS / 1000.0 / i; // infinite for 0
            total += density[i];
            above60 += seconds >= 60 ? density[i] : 0;
            above10 += seconds >= 10 ? density[i] : 0;
            points[i] =
                    seconds >= 6 && seconds <= 100 ? new double[] {Math.log(1 / seconds), Math.log(density[i])} : null;
        }
        double variance = total / (BLOCK * INTERVAL_MS / 1000.0);
        return new Figures(blocks.size(), mean, Math.sqrt(variance), above60 / total, above10 / total, slope(points));
    }

    /** Covariance by variance. */
    private static double slope(double[][] points) {
        List<double[]> given =
                java.util.Arrays.stream(points).filter(point -> point != null).toList();
        double meanX = given.stream().mapToDouble(point -> point[0]).average().orElseThrow();
        double meanY = given.stream().mapToDouble(point -> point[1]).average().orElseThrow();
        double covariance = given.stream()
                .mapToDouble(point -> (point[0] - meanX) * (point[1] - meanY))
                .sum();
        double variance = given.stream()
                .mapToDouble(point -> Math.pow(point[0] - meanX, 2))
                .sum();
        return covariance / variance;
    }

    /** What {@code spectrum.py} says it computes. */
    static double[] density(double[] block, double intervalSeconds) {
        int n = block.length;
        double middle = (n - 1) / 2.0;
        double mean = 0;
        double along = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            mean += block[i] / n;
            along += (i - middle) * block[i];
            squares += (i - middle) * (i - middle);
        }
        double[] windowed = new double[n];
        double windowPower = 0;
        for (int i = 0; i < n; i++) {
            double window = Math.pow(Math.sin(Math.PI * i / n), 2);
            windowPower += window * window;
            windowed[i] = window * (block[i] - mean - (i - middle) * along / squares);
        }
        double[] density = new double[n / 2 + 1];
        for (int k = 0; k < density.length; k++) {
            double real = 0;
            double imaginary = 0;
            for (int i = 0; i < n; i++) {
                double angle = 2 * Math.PI * ((long) i * k % n) / n;
                real += windowed[i] * Math.cos(angle);
                imaginary -= windowed[i] * Math.sin(angle);
            }
            boolean isTwofold = k > 0 && 2 * k < n;
            density[k] = (real * real + imaginary * imaginary) * intervalSeconds / windowPower * (isTwofold ? 2 : 1);
        }
        return density;
    }
}
