package io.millrace.remote.client;

/** Whoever handed a dataflow in was interrupted, before the masters had said that they have it or while it waited for executors; and what has become of it since. */
public final class SubmissionInterruptedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String jobId;
    private final Fate fate;

    /** What has become of the dataflow. */
    public enum Fate {
        /** The masters never had it, or have given it up before it ran. */
        TAKEN_BACK("was taken back before it ran"),
        /** It has run, and is told to stop. */
        ASKED_TO_STOP("was asked to stop"),
        /** No master has answered: the next one may still begin it. */
        UNKNOWN("could not be taken back, for no master has answered, and may run");

        private final String words;

        Fate(String words) {
            this.words = words;
        }

        /** Behind the name of the job. */
        public String words() {
            return words;
        }
    }

    SubmissionInterruptedException(String jobName, String jobId, Fate fate, Throwable cause) {
        super("interrupted while job '" + jobName + "' was handed in: it " + fate.words(), cause);
        this.jobId = jobId;
        this.fate = fate;
    }

    /** By which the masters know it, if they do. */
    public String jobId() {
        return jobId;
    }

    public Fate fate() {
        return fate;
    }
}
