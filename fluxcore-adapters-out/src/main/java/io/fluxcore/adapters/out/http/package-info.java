/**
 * Requests of sinks that speak HTTP: how they are sent, sent again, and by which ways. Imports the
 * application, the domain and what sinks share; never a connector.
 */
@NullMarked
package io.fluxcore.adapters.out.http;

import org.jspecify.annotations.NullMarked;
