package io.fluxcore.domain.topology;

/** Collects the settings of a source of records that come over TCP. Not thread-safe. */
public final class SocketSourceBuilder extends SourceBuilder<SocketSourceBuilder> {
  SocketSourceBuilder() {
    super("socket", null);
  }

  /** The server to call. */
  public SocketSourceBuilder withServer(String host, int port) {
    return with("mode", "client").with("host", host).with("port", port);
  }

  /** The address of this machine, and the port, at which clients call. */
  public SocketSourceBuilder withClientsAt(String host, int port) {
    return with("mode", "server").with("host", host).with("port", port);
  }

  /** Each record comes after its length of four bytes; else it is a line. */
  public SocketSourceBuilder withLengthFraming() {
    return with("framing", "length");
  }

  /** Keeps records in this directory until a checkpoint holds them. */
  public SocketSourceBuilder withSpool(String directory) {
    return with("spool", directory);
  }

  /** How a record is written, such as {@code json}. */
  public SocketSourceBuilder withFormat(String format) {
    return with("format", format);
  }
}
