package io.netchannel.samples.haproxy.balance;

import io.netchannel.samples.haproxy.config.Setting;

/** What a backend says about the choice of servers. */
public final class BalanceSettings {

    public static final Setting<Algorithm> ALGORITHM = Setting.of("balance", Algorithm.ROUND_ROBIN);
    public static final Setting<HashType> HASH_TYPE = Setting.of("hash-type", HashType.DEFAULT);
    public static final Setting<Boolean> ALL_BACKUPS = Setting.of("option allbackups", false);

    private BalanceSettings() {
    }
}
