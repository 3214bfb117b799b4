package io.fluxcore.adapters.in.backlog;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.List;

/** Messages are more than a backlog ever has room for: nothing was taken. */
public final class BacklogTooSmall extends FluxCoreException {
  private static final long serialVersionUID = 1L;

  BacklogTooSmall(String name, int messages, long bytes, long maxMessages, long maxBytes) {
    super(
        ErrorCategory.USER,
        List.of(
            Diagnostic.error(
                "FLX-BACKLOG-0002",
                Place.of(name),
                messages
                    + " messages of "
                    + bytes
                    + " bytes are more than "
                    + name
                    + " ever has room for: "
                    + maxMessages
                    + " messages of "
                    + maxBytes
                    + " bytes",
                "send fewer at a time, or give a larger buffer or spool")),
        null);
  }
}
