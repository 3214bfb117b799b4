package io.fluxcore.domain.job;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.regex.Pattern;

/**
 * Identity of a job for its life, across restarts and upgrades. Opaque.
 *
 * @param value {@code job_} and letters or digits
 */
public record JobId(String value) {
  private static final Pattern FORM = Pattern.compile("job_[0-9A-Za-z]{1,64}");

  public JobId {
    if (!FORM.matcher(value).matches()) {
      throw FluxCoreException.user(
          "FLX-JOB-0001",
          Place.of("jobId"),
          "'" + value + "' is not a job id",
          "job ids are 'job_' and letters or digits, as submitting a job returns them");
    }
  }

  /**
   * The id with these 128 bits.
   *
   * @param high upper 64 bits
   * @param low lower 64 bits
   */
  public static JobId of(long high, long low) {
    return new JobId("job_" + hex(high) + hex(low));
  }

  private static String hex(long bits) {
    String digits = Long.toHexString(bits);
    return "0".repeat(16 - digits.length()) + digits;
  }

  @Override
  public String toString() {
    return value;
  }
}
