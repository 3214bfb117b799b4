/**
 * The {@code webhook} sink: rows are posted to a URL as JSON, signed. One public door. May import
 * the application, the domain, the encoders and what sinks share that speak HTTP.
 */
@NullMarked
package io.fluxcore.adapters.out.webhook;

import org.jspecify.annotations.NullMarked;
