package io.millrace.samples.mixed;

import java.util.ArrayList;
import java.util.List;

/** What the chart has been told of one signal, and the figures that follow. What is drawn is bounded, figures count everything. */
final class Signal {
    static final int MAX_DRAWN = 2048;

    /** Periods in seconds between which the slope is found: slower ones have few waves in a block, faster ones are near the end of what the sampling can tell. */
    private static final double SLOWEST = 100;

    private static final double FASTEST = 6;

    private final String name;
    private final String unit;
    private final List<Block> blocks = new ArrayList<>();
    private final List<Spectrum> spectra = new ArrayList<>();
    private double[] sum = new double[0];
    private double resolutionHz;
    private double means;
    private long count;

    Signal(String name, String unit) {
        this.name = name;
        this.unit = unit;
    }

    void onBlock(Block block) {
        if (blocks.size() < MAX_DRAWN) {
            blocks.add(block);
        }
    }

    /** @throws IllegalArgumentException if it does not go with those before it */
    void onSpectrum(Spectrum spectrum) {
        if (count == 0) {
            sum = new double[spectrum.density().length];
            resolutionHz = spectrum.resolutionHz();
        }
        if (spectrum.density().length != sum.length || spectrum.number() != count) {
            throw new IllegalArgumentException("expected spectrum " + count + " of '" + name + "' with " + sum.length
                    + " densities, found number " + spectrum.number() + " with " + spectrum.density().length);
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] += spectrum.density()[i];
        }
        means += spectrum.mean();
        count++;
        if (spectra.size() < MAX_DRAWN) {
            spectra.add(spectrum);
        }
    }

    String name() {
        return name;
    }

    String unit() {
        return unit;
    }

    /** In order; bounded. */
    List<Block> blocks() {
        return blocks;
    }

    /** In order; bounded. */
    List<Spectrum> spectra() {
        return spectra;
    }

    /** Spectra so far. */
    long count() {
        return count;
    }

    double resolutionHz() {
        return resolutionHz;
    }

    /** NaN without any spectrum, as are the figures below. */
    double mean() {
        return count == 0 ? Double.NaN : means / count;
    }

    /** The mean of all spectra. */
    double[] density() {
        double[] density = new double[sum.length];
        for (int i = 0; i < density.length; i++) {
            density[i] = sum[i] / count;
        }
        return density;
    }

    /** About the trend of each block. */
    double standardDeviation() {
        return Math.sqrt(power(0, Double.POSITIVE_INFINITY));
    }

    /** The part of the power that lies in periods of at least so many seconds. */
    double shareSlowerThan(double seconds) {
        return power(0, 1 / seconds) / power(0, Double.POSITIVE_INFINITY);
    }

    private double power(double fromHz, double toHz) {
        double power = count == 0 ? Double.NaN : 0;
        for (int i = 0; i < sum.length; i++) {
            double hz = i * resolutionHz;
            power += hz >= fromHz && hz <= toHz ? sum[i] / count * resolutionHz : 0;
        }
        return power;
    }

    /** The line through the mean spectrum on two logarithmic scales: the power of the frequency, and the logarithm to base 10 of the density at 1 Hz. */
    Line line() {
        double n = 0;
        double sumX = 0;
        double sumY = 0;
        double sumXx = 0;
        double sumXy = 0;
        double[] density = density();
        for (int i = 1; i < density.length; i++) {
            double period = 1 / (i * resolutionHz);
            if (period >= FASTEST && period <= SLOWEST && density[i] > 0) {
                double x = Math.log10(i * resolutionHz);
                double y = Math.log10(density[i]);
                n++;
                sumX += x;
                sumY += y;
                sumXx += x * x;
                sumXy += x * y;
            }
        }
        double slope = (n * sumXy - sumX * sumY) / (n * sumXx - sumX * sumX);
        return new Line(slope, (sumY - slope * sumX) / n, 1 / SLOWEST, 1 / FASTEST);
    }

    /** A power law between two frequencies. */
    record Line(double slope, double log10At1Hz, double fromHz, double toHz) {}
}
