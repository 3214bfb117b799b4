package io.fluxcore.adapters.in.socket;

import io.fluxcore.adapters.in.backlog.SpooledSourceContract;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.kit.FreePort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The contract is read from a spool that was filled before; nobody is at the other side. */
final class SocketContractTest extends SpooledSourceContract {
  private final int port = FreePort.next();

  @Override
  protected SourceConnector connector() {
    return new SocketSourceConnector();
  }

  @Override
  protected String badMessage() {
    return "{\"id\":\"no\"}";
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
    options.put("mode", "server");
    options.put("host", " ");
    options.put("port", 0);
    options.put("maxRecordBytes", 1);
    options.put("maxConnections", 0);
    options.put("spool", directory().toString());
    options.put("spoolBytes", "1kb");
    options.put("tls", true);
    return options;
  }
}
