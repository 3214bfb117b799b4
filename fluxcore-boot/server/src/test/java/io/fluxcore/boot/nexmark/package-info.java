/**
 * The queries of the Nexmark benchmark, as the examples have them, next to what they mean: plain
 * Java over lists of events, which shares nothing with the engine.
 */
package io.fluxcore.boot.nexmark;
