package io.fluxcore.application.operation;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.regex.Pattern;

/**
 * Identity of an operation. Opaque.
 *
 * @param value {@code op_} and letters or digits
 */
public record OperationId(String value) {
  private static final Pattern FORM = Pattern.compile("op_[0-9A-Za-z]{1,64}");

  public OperationId {
    if (!FORM.matcher(value).matches()) {
      throw FluxCoreException.user(
          "FLX-OP-0001",
          Place.of("operationId"),
          "'" + value + "' is not the id of an operation",
          "ids of operations are 'op_' and letters or digits, as starting one returns them");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
