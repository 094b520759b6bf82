package io.millrace.samples.marine;

/**
 * One sentence of NMEA 0183, read in place: {@code $GPGLL,6005.071,N,02332.346,E,095559,A,D*43}. Used again for the next one; allocates nothing.
 *
 * <p>A sentence begins at {@code $} or {@code !}, which occur nowhere else in one, with an address of capital letters and digits and a comma. It is intact
 * if a checksum follows, {@code *} and two hexadecimal digits of either case, that equals the exclusive or of all bytes between. A sentence whose checksum is
 * wrong, or missing, as when its line was cut, is damaged. What stands before, between and behind sentences is noise.
 */
final class Sentence {
    /** What {@link #find} has come upon. */
    enum Finding {
        /** No more sentences in this line. */
        NONE,
        DAMAGED,
        INTACT
    }

    private static final int MIN_ADDRESS_LENGTH = 4;
    private static final int MAX_ADDRESS_LENGTH = 15;
    /** More than any standard sentence has; those behind are not looked at. */
    private static final int MAX_FIELDS = 32;
    /** So many always fit a long. */
    private static final int MAX_DIGITS = 18;

    private static final double[] POWERS_OF_TEN = new double[MAX_DIGITS + 1];

    static {
        POWERS_OF_TEN[0] = 1;
        for (int i = 1; i <= MAX_DIGITS; i++) {
            POWERS_OF_TEN[i] = POWERS_OF_TEN[i - 1] * 10;
        }
    }

    private final int[] starts = new int[MAX_FIELDS];
    private final int[] ends = new int[MAX_FIELDS];
    private byte[] bytes = new byte[0];
    private int fieldCount;
    private int end;

    /** Looks for the next sentence from {@code from} on. */
    Finding find(byte[] line, int from, int to) {
        bytes = line;
        int start = nextStart(from, to);
        while (start < to) {
            int next = nextStart(start + 1, to);
            if (isAddressed(start + 1, next)) {
                end = next;
                return split(start + 1, next) ? Finding.INTACT : Finding.DAMAGED;
            }
            start = next;
        }
        end = to;
        return Finding.NONE;
    }

    /** Where to look for the next sentence. */
    int end() {
        return end;
    }

    /** Whether its address is this one, such as {@code GPGLL}. */
    boolean is(String address) {
        return ends[0] - starts[0] == address.length() && matches(starts[0], address);
    }

    /** Whether there is no such field, or nothing in it. Field 0 is the address. */
    boolean isEmpty(int field) {
        return field >= fieldCount || starts[field] == ends[field];
    }

    /** Whether the field is this one letter. */
    boolean isLetter(int field, char letter) {
        return !isEmpty(field) && ends[field] - starts[field] == 1 && bytes[starts[field]] == letter;
    }

    /** The field as a number; NaN if it is empty or is none. */
    double decimal(int field) {
        if (isEmpty(field)) {
            return Double.NaN;
        }
        int at = starts[field];
        boolean isNegative = bytes[at] == '-';
        if (isNegative || bytes[at] == '+') {
            at++;
        }
        double magnitude = unsigned(at, ends[field]);
        return isNegative ? -magnitude : magnitude;
    }

    /**
     * The time of day that it says, if it is one of those that do (ZDA, GLL, RMC, GGA); -1 if it says none, or says that its time is not to be relied on.
     */
    int timeOfDayMillis() {
        if (isOfType("ZDA") || isOfType("GGA") || isOfType("RMC") && isLetter(2, 'A')) {
            return timeOfDayMillis(1);
        }
        return isOfType("GLL") && isLetter(6, 'A') ? timeOfDayMillis(5) : -1;
    }

    private boolean isOfType(String type) {
        return ends[0] - starts[0] == 5 && matches(starts[0] + 2, type);
    }

    private boolean matches(int from, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (bytes[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The field {@code hhmmss} or {@code hhmmss.sss} in milliseconds since midnight; -1 if it is empty or no time. */
    int timeOfDayMillis(int field) {
        if (isEmpty(field) || ends[field] - starts[field] < 6) {
            return -1;
        }
        int at = starts[field];
        int hours = twoDigits(at);
        int minutes = twoDigits(at + 2);
        double seconds = unsigned(at + 4, ends[field]);
        // A minute may have a leap second.
        boolean isTime =
                hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60 && twoDigits(at + 4) >= 0 && seconds < 61;
        return isTime ? (hours * 60 + minutes) * 60_000 + (int) Math.round(seconds * 1000) : -1;
    }

    private int nextStart(int from, int to) {
        int at = from;
        while (at < to && bytes[at] != '$' && bytes[at] != '!') {
            at++;
        }
        return Math.min(at, to);
    }

    private boolean isAddressed(int from, int to) {
        int at = from;
        while (at < to && isCapitalOrDigit(bytes[at])) {
            at++;
        }
        int length = at - from;
        return at < to && bytes[at] == ',' && length >= MIN_ADDRESS_LENGTH && length <= MAX_ADDRESS_LENGTH;
    }

    private static boolean isCapitalOrDigit(byte value) {
        return value >= 'A' && value <= 'Z' || value >= '0' && value <= '9';
    }

    /** Finds the fields and says whether the checksum holds. */
    private boolean split(int from, int to) {
        fieldCount = 0;
        int checksum = 0;
        int fieldStart = from;
        int at = from;
        for (; at < to && bytes[at] != '*'; at++) {
            checksum ^= bytes[at] & 0xFF;
            if (bytes[at] == ',') {
                addField(fieldStart, at);
                fieldStart = at + 1;
            }
        }
        addField(fieldStart, at);
        return at + 2 < to && checksum == (hexDigit(bytes[at + 1]) << 4 | hexDigit(bytes[at + 2]));
    }

    private void addField(int from, int to) {
        if (fieldCount < MAX_FIELDS) {
            starts[fieldCount] = from;
            ends[fieldCount] = to;
            fieldCount++;
        }
    }

    /** -1, which no checksum equals, if it is none. */
    private static int hexDigit(byte value) {
        return Character.digit((char) (value & 0xFF), 16);
    }

    private int twoDigits(int at) {
        int tens = bytes[at] - '0';
        int ones = bytes[at + 1] - '0';
        return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
    }

    /** Digits with at most one point among them. */
    private double unsigned(int from, int to) {
        long digits = 0;
        int digitCount = 0;
        int decimals = -1;
        for (int at = from; at < to; at++) {
            byte value = bytes[at];
            if (value == '.' && decimals < 0) {
                decimals = 0;
            } else if (value >= '0' && value <= '9' && digitCount < MAX_DIGITS) {
                digits = digits * 10 + (value - '0');
                digitCount++;
                decimals += decimals < 0 ? 0 : 1;
            } else {
                return Double.NaN;
            }
        }
        return digitCount == 0 ? Double.NaN : digits / POWERS_OF_TEN[Math.max(0, decimals)];
    }
}
