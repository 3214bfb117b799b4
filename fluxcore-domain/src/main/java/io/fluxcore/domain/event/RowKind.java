package io.fluxcore.domain.event;

/** What a row of a changelog does. The code is the byte that batches and snapshots hold. */
public enum RowKind {
  INSERT("+I"),
  UPDATE_BEFORE("-U"),
  UPDATE_AFTER("+U"),
  DELETE("-D");

  private static final RowKind[] BY_CODE = values();

  private final String sign;

  RowKind(String sign) {
    this.sign = sign;
  }

  public byte code() {
    return (byte) ordinal();
  }

  public static RowKind of(byte code) {
    return BY_CODE[code];
  }

  /** {@code +I}, {@code -U}, {@code +U} or {@code -D}. */
  public String sign() {
    return sign;
  }

  /** Whether the row takes something back. */
  public boolean isRetraction() {
    return this == UPDATE_BEFORE || this == DELETE;
  }
}
