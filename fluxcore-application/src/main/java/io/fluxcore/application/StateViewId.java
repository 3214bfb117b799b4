package io.fluxcore.application;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.regex.Pattern;

/**
 * Identity of a {@link StateView}. Opaque.
 *
 * @param value {@code view_} and letters or digits
 */
public record StateViewId(String value) {
  private static final Pattern FORM = Pattern.compile("view_[0-9A-Za-z]{1,64}");

  public StateViewId {
    if (!FORM.matcher(value).matches()) {
      throw FluxCoreException.user(
          "FLX-TRAVEL-0007",
          Place.of("view"),
          "'" + value + "' is not the id of a view of state",
          "ids of views are 'view_' and letters or digits, as asking for one returns them");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
