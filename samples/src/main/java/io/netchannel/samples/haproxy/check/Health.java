package io.netchannel.samples.haproxy.check;

/**
 * How well one check of a server went lately: below {@code rise} it is down, else up; it takes {@code fall} failures in a row to
 * get from the top to down, and {@code rise} successes to get up again.
 */
public final class Health {

    private final boolean agent;
    private final int rise;
    private final int fall;
    private int health;
    private CheckStatus status = CheckStatus.INITIALIZING;
    private int code;
    private String description = "";
    private long durationMs = -1;
    private long startedMs = -1;
    private long failures;

    /** Begins as a server that is just up: one failure is enough. */
    Health(final boolean agent, final int rise, final int fall) {
        this.agent = agent;
        this.rise = rise;
        this.fall = fall;
        this.health = rise;
    }

    void begin(final long nowMs) {
        startedMs = nowMs;
        code = 0;
        description = "";
    }

    /**
     * A check ended.
     *
     * @return whether there is something to tell: another status, or a step up or down
     */
    boolean end(final CheckStatus newStatus, final int newCode, final String newDescription, final long nowMs) {
        final CheckStatus before = status;
        status = newStatus;
        code = newCode;
        description = newDescription == null ? "" : newDescription;
        if (newStatus == CheckStatus.HANA) {
            durationMs = -1;
        } else if (startedMs >= 0) {
            durationMs = nowMs - startedMs;
            startedMs = -1;
        }
        return switch (newStatus.result()) {
            case FAILED -> fail() | status != before;
            case PASSED, CONDITIONALLY_PASSED -> pass() | status != before;
            default -> false;
        };
    }

    private boolean fail() {
        // An agent that can't be reached says nothing about its server.
        if (health == 0 || agent && !status.hasCode()) {
            return false;
        }
        failures++;
        health--;
        if (health < rise) {
            health = 0;
        }
        return true;
    }

    private boolean pass() {
        if (health >= rise + fall - 1) {
            return false;
        }
        health++;
        if (health >= rise) {
            health = rise + fall - 1;
        }
        return true;
    }

    public boolean isUp() {
        return health >= rise;
    }

    /** Up, but it failed last, or down, but it passed last: checked at {@code fastinter}. */
    boolean isInTransition() {
        return health != 0 && health != rise + fall - 1;
    }

    boolean isDown() {
        return health == 0;
    }

    void setUp() {
        health = rise + fall - 1;
    }

    void setDown() {
        health = 0;
    }

    /** One failure more, and it is down. */
    void atTheEdge() {
        health = Math.min(health, rise);
    }

    /** Two failures more. */
    void nearTheEdge() {
        if (health > rise) {
            health = rise + 1;
        }
    }

    /** As when it is checked for the first time. */
    void restart() {
        health = rise;
    }

    /** {@code 2/3 UP}. @param weight 0: it drains */
    String text(final int weight) {
        return isUp()
                ? (health - rise + 1) + "/" + fall + (weight == 0 ? " DRAIN" : " UP")
                : health + "/" + rise + " DOWN";
    }

    /** How far it is from the other state: {@code  1/3}, "" if it is as far as can be. */
    public String progress() {
        if (health == 0 || health == rise + fall - 1) {
            return "";
        }
        return isUp() ? " " + (health - rise + 1) + "/" + fall : " " + health + "/" + rise;
    }

    /** For {@code show servers state} and {@code check_health}. */
    public int value() {
        return health;
    }

    void value(final int newHealth) {
        health = Math.clamp(newHealth, 0, rise + fall - 1);
    }

    public int rise() {
        return rise;
    }

    public int fall() {
        return fall;
    }

    public CheckStatus status() {
        return status;
    }

    public int code() {
        return code;
    }

    /** Of the last check: what the server said, or what is wrong; "" if nothing. */
    public String description() {
        return description;
    }

    /** -1 if none ended yet. */
    public long durationMs() {
        return durationMs;
    }

    public long failures() {
        return failures;
    }

    boolean isAgent() {
        return agent;
    }
}
