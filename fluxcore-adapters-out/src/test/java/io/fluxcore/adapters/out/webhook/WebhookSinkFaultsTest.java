package io.fluxcore.adapters.out.webhook;

import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.kit.HttpReceiver;
import io.fluxcore.application.connector.kit.HttpReceiver.Answer;
import io.fluxcore.application.connector.kit.HttpReceiver.Request;
import io.fluxcore.application.connector.kit.SinkFaultsContract;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** Faults of a receiver, and rows that it does not accept. */
final class WebhookSinkFaultsTest extends SinkFaultsContract {
  private final HttpReceiver receiver =
      HttpReceiver.start(request -> Answer.of(isRefused(request) ? 422 : 204));

  @AfterEach
  void end() {
    receiver.close();
  }

  private static boolean isRefused(Request request) {
    return request.text().contains("refused");
  }

  @Override
  protected SinkConnector connector() {
    return new WebhookSinkConnector();
  }

  @Override
  protected Map<String, Object> options() {
    Map<String, Object> options = new HashMap<>();
    options.put("url", receiver.url() + "/hook");
    options.put("allowInternal", true);
    options.put("timeout", "1s");
    options.put("retryTimeout", "200ms");
    return options;
  }

  @Override
  protected List<Long> visibleIds() {
    return receiver.requests().stream()
        .filter(request -> !isRefused(request))
        .map(request -> Long.valueOf(request.text().replaceAll("\\{\"id\":(\\d+),.*", "$1")))
        .toList();
  }

  @Override
  protected void killServer() {
    receiver.kill();
  }

  @Override
  protected void restartServer() {
    receiver.restart();
  }

  @Override
  protected void pauseServer() {
    receiver.pause();
  }

  @Override
  protected void resumeServer() {
    receiver.resume();
  }

  /** Whatever is posted does something. */
  @Override
  protected boolean canBeLookedAt() {
    return false;
  }

  @Override
  protected String refuse(long id) {
    return "refused";
  }

  /** What a receiver says against a request is said of its row. */
  @Override
  protected Map<String, Object> wrongPassword() {
    return null;
  }

  @Override
  protected Map<String, Object> missing() {
    return null;
  }
}
