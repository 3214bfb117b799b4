/**
 * The REST API: jobs, streams and readings of results over HTTP and WebSocket. {@link
 * io.fluxcore.adapters.in.rest.RestApi} is the door: a server imports it and hands over the front
 * door of FluxCore. Every error is an RFC 9457 problem. Imports the application, the domain, job
 * files, Spring MVC and WebSocket, Jackson and MapStruct.
 */
@NullMarked
package io.fluxcore.adapters.in.rest;

import org.jspecify.annotations.NullMarked;
