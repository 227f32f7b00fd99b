package io.netchannel.kernel.pressure;

/**
 * What all gauges together come to.
 *
 * @param wantedBytes to be given back, 0 where there is no pressure
 * @param spareBytes by which what is available exceeds the high watermark, at the tightest limit; 0 if there is none known
 * @param cause name of the gauge that asks for most, null if none does
 */
public record PressureDemand(PressureLevel level, long wantedBytes, long spareBytes, String cause) {

    static final PressureDemand NOTHING = new PressureDemand(PressureLevel.NONE, 0, 0, null);
}
