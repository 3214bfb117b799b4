package io.fluxcore.adapters.in.springcloudstream;

import io.fluxcore.adapters.in.backlog.SpooledSourceContract;
import io.fluxcore.application.connector.SourceConnector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The contract is read from a spool that was filled before; nothing is handed over. */
final class BindingContractTest extends SpooledSourceContract {
  @Override
  protected SourceConnector connector() {
    return new SpringCloudStreamSourceConnector(new HandedBindings());
  }

  @Override
  protected List<String> expectedBadCoordinates() {
    return List.of("orders@20");
  }

  @Override
  protected Map<String, Object> emptyOptions() {
    return Map.of("binding", "orders", "spool", directory().resolve("empty").toString());
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    Map<String, Object> options = new HashMap<>();
    options.put("binding", "orders");
    options.put("spool", directory().resolve("conflicting").toString());
    options.put("spoolBytes", "4kb");
    options.put("spoolSegmentBytes", "1kb");
    options.put("deduplicationWindow", -1);
    return options;
  }
}
