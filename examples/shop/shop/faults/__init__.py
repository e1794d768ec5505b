"""What can go wrong in the shop, one kind of trouble a module; every one of them really happens."""
