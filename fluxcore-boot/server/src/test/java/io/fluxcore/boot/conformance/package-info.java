/**
 * The conformance run: other projects' test cases, as data, on FluxCore's engine. A case becomes a
 * topology of the public builder, the topology a plan, and the plan is run step by step by {@link
 * io.fluxcore.application.scripted.ScriptedHost}. What the figures mean is told in {@code
 * docs/conformance.md}.
 */
package io.fluxcore.boot.conformance;
