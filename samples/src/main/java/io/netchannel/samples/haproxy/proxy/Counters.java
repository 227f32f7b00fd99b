package io.netchannel.samples.haproxy.proxy;

import java.util.Arrays;

/**
 * What is counted of a frontend, a backend, a server or a listener, as {@code show stat} has it; a field that doesn't apply
 * stays 0.
 */
public final class Counters {

    public long sessionsMax;
    public long sessionsTotal;
    public long connectionsTotal;
    public long bytesIn;
    public long bytesOut;
    public long deniedRequests;
    public long deniedResponses;
    public long deniedConnections;
    public long deniedSessions;
    public long requestErrors;
    public long connectionErrors;
    public long responseErrors;
    public long retries;
    public long redispatches;
    public long clientAborts;
    public long serverAborts;
    public long requests;
    public long intercepted;
    public long failedRewrites;
    public long internalErrors;
    public long queueMax;
    public long connectionAttempts;
    public long connectionReuses;
    public long chosen;
    public long compressedIn;
    public long compressedOut;
    public long compressedBypassed;
    public long compressedResponses;
    public long lastSessionMs = -1;
    /** By the first digit; 0: none of 1xx to 5xx. */
    public final long[] responses = new long[6];
    public final Rate sessionRate = new Rate();
    public final Rate requestRate = new Rate();
    public final Rate connectionRate = new Rate();
    /** Averages over the last requests, milliseconds. */
    public final MeanTime queueTime = new MeanTime();
    public final MeanTime connectTime = new MeanTime();
    public final MeanTime dataTime = new MeanTime();
    public final MeanTime totalTime = new MeanTime();

    public void response(final int status) {
        responses[status >= 100 && status < 600 ? status / 100 : 0]++;
    }

    /** @param all else only what was greatest */
    public void clear(final boolean all) {
        sessionsMax = 0;
        queueMax = 0;
        for (final Rate rate : new Rate[]{sessionRate, requestRate, connectionRate}) {
            rate.clearMax();
        }
        for (final MeanTime time : new MeanTime[]{queueTime, connectTime, dataTime, totalTime}) {
            time.clear(all);
        }
        if (all) {
            sessionsTotal = 0;
            connectionsTotal = 0;
            bytesIn = 0;
            bytesOut = 0;
            deniedRequests = 0;
            deniedResponses = 0;
            deniedConnections = 0;
            deniedSessions = 0;
            requestErrors = 0;
            connectionErrors = 0;
            responseErrors = 0;
            retries = 0;
            redispatches = 0;
            clientAborts = 0;
            serverAborts = 0;
            requests = 0;
            intercepted = 0;
            failedRewrites = 0;
            internalErrors = 0;
            connectionAttempts = 0;
            connectionReuses = 0;
            chosen = 0;
            compressedIn = 0;
            compressedOut = 0;
            compressedBypassed = 0;
            compressedResponses = 0;
            lastSessionMs = -1;
            Arrays.fill(responses, 0);
        }
    }

    /** A mean over about 512 values, and the largest. */
    public static final class MeanTime {

        private static final int WINDOW = 512;

        private long sum;
        private long count;
        private long max;

        public void add(final long valueMs) {
            if (count < WINDOW) {
                count++;
                sum += valueMs;
            } else {
                sum += valueMs - (sum + WINDOW - 1) / WINDOW;
            }
            max = Math.max(max, valueMs);
        }

        void clear(final boolean all) {
            max = 0;
            if (all) {
                sum = 0;
                count = 0;
            }
        }

        public long mean() {
            return count == 0 ? 0 : (sum + count / 2) / count;
        }

        public long max() {
            return max;
        }
    }
}
