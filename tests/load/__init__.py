"""Load: a hundred errors at once, a thousand in bursts, and tables that have grown."""
