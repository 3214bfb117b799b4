package io.fluxcore.domain.event;

/** What a row of a changelog does. The code is the byte that batches and snapshots hold. */
public enum RowKind {
  INSERT(0, "+I"),
  UPDATE_BEFORE(1, "-U"),
  UPDATE_AFTER(2, "+U"),
  DELETE(3, "-D");

  private static final RowKind[] BY_CODE = values();

  private final byte code;
  private final String sign;

  RowKind(int code, String sign) {
    this.code = (byte) code;
    this.sign = sign;
  }

  public byte code() {
    return code;
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
