"""The OAI-PMH 2.0 provider: the records of this site for harvesters, as Dublin Core. The harvester is in crawler/protocols/oai."""
