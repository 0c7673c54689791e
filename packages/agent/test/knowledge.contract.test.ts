/** Search and agent keep the contracts of their ports. */
import { articlesMemory } from "@opencx/core"
import { knowledgeContract, supportAgentContract } from "@opencx/testing"
import { Layer } from "effect"
import { EmbeddedAgent, LexicalKnowledge } from "../src/index.ts"

const knowledge = LexicalKnowledge.layer.pipe(Layer.provideMerge(articlesMemory))

knowledgeContract("LexicalKnowledge", knowledge)
supportAgentContract("EmbeddedAgent", EmbeddedAgent.layer.pipe(Layer.provideMerge(knowledge)))
