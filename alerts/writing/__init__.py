"""Words of messages: values in, an e-mail or the body of a webhook out. Nothing here reads the store or sends anything."""
