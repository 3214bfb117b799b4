package io.fluxcore.domain.topology;

/** Collects the settings of a source of datagrams. Not thread-safe. */
public final class UdpSourceBuilder extends SourceBuilder<UdpSourceBuilder> {
  UdpSourceBuilder() {
    super("udp", null);
  }

  /** The address of this machine, and the port, that datagrams are sent to. */
  public UdpSourceBuilder withAddress(String host, int port) {
    return with("host", host).with("port", port);
  }

  /** Keeps datagrams in this directory until a checkpoint holds them. */
  public UdpSourceBuilder withSpool(String directory) {
    return with("spool", directory);
  }

  /** How a datagram is written, such as {@code json}. */
  public UdpSourceBuilder withFormat(String format) {
    return with("format", format);
  }
}
