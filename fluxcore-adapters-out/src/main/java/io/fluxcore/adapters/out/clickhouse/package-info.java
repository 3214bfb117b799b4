/**
 * The {@code clickhouse} sink: rows in a table of ClickHouse, over HTTP. One public door. May
 * import the application, the domain, the encoders and what sinks share that speak HTTP.
 */
@NullMarked
package io.fluxcore.adapters.out.clickhouse;

import org.jspecify.annotations.NullMarked;
