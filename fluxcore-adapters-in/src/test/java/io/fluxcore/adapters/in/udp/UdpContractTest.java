package io.fluxcore.adapters.in.udp;

import io.fluxcore.adapters.in.backlog.SpooledSourceContract;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.kit.FreePort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The contract is read from a spool that was filled before; nobody sends. */
final class UdpContractTest extends SpooledSourceContract {
  private final int port = FreePort.next();

  @Override
  protected SourceConnector connector() {
    return new UdpSourceConnector();
  }

  @Override
  protected List<String> expectedBadCoordinates() {
    return List.of("127.0.0.1:" + port + "@20");
  }

  @Override
  protected Map<String, Object> emptyOptions() {
    return Map.of("host", "127.0.0.1", "port", port);
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    Map<String, Object> options = new HashMap<>();
    options.put("host", " ");
    options.put("port", 70_000);
    options.put("receiveBufferBytes", "1kb");
    options.put("bufferBytes", "64kb");
    return options;
  }
}
