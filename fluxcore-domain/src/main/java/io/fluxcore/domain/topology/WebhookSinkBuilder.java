package io.fluxcore.domain.topology;

/** Collects the settings of a webhook sink. Not thread-safe. */
public final class WebhookSinkBuilder extends SinkBuilder<WebhookSinkBuilder> {
  WebhookSinkBuilder() {
    super("webhook", null);
  }

  /** The URL that rows are posted to. */
  public WebhookSinkBuilder withUrl(String url) {
    return with("url", url);
  }

  /** A file whose first line is the secret by which requests are signed. */
  public WebhookSinkBuilder withSecretFile(String file) {
    return with("secretFile", file);
  }

  /** Posts arrays of up to so many rows, and not each by itself. */
  public WebhookSinkBuilder withBatchSize(int rows) {
    return with("body", "array").with("batchSize", rows);
  }
}
