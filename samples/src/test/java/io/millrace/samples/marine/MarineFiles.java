package io.millrace.samples.marine;

import java.nio.file.Path;

/** The sample's files, and what is known of its log. Tests run in the directory of this module. */
final class MarineFiles {
    static final Path DATAFLOW = Path.of("marine", "dataflow.yml");
    static final Path LOG = Path.of("marine", "data", "plaka.nmea.gz");

    static final String FIGURES_OF_LOG = """
            {
              "sentences": 116000,
              "badChecksums": 0,
              "positions": 7250,
              "distanceMeters": 35111.18,
              "depthMinMeters": 1.43,
              "depthMaxMeters": 38.05,
              "apparentWindMaxKnots": 25.46,
              "shallowAlarms": 31,
              "firstTime": "09:55:59",
              "lastTime": "14:03:24"
            }
            """;

    /** Of {@link DamagedLog}. */
    static final String FIGURES_OF_DAMAGED_LOG = """
            {
              "sentences": 116452,
              "badChecksums": 2072,
              "positions": 6325,
              "distanceMeters": 35025.584,
              "depthMinMeters": 1.5,
              "depthMaxMeters": 37.99,
              "apparentWindMaxKnots": 22.74,
              "shallowAlarms": 23,
              "firstTime": "09:56:01",
              "lastTime": "14:03:22"
            }
            """;

    private MarineFiles() {}
}
