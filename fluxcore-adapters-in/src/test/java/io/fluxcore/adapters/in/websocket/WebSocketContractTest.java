package io.fluxcore.adapters.in.websocket;

import io.fluxcore.adapters.in.backlog.SpooledSourceContract;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.kit.FreePort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The contract is read from a spool that was filled before; nobody is called. */
final class WebSocketContractTest extends SpooledSourceContract {
  private final int port = FreePort.next();

  @Override
  protected SourceConnector connector() {
    return new WebSocketSourceConnector();
  }

  @Override
  protected List<String> expectedBadCoordinates() {
    return List.of("ws://127.0.0.1:" + port + "/feed@20");
  }

  @Override
  protected Map<String, Object> emptyOptions() {
    return Map.of("uri", "ws://127.0.0.1:" + port + "/feed?key=secret");
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    Map<String, Object> options = new HashMap<>();
    options.put("uri", "http://user:password@host");
    options.put("port", 70_000);
    options.put("password", "x");
    options.put("headers", Map.of("Authorization", "Bearer x"));
    options.put("pingInterval", "30d");
    options.put("maxRecordBytes", 1);
    options.put("tlsVerifyHostname", false);
    return options;
  }
}
