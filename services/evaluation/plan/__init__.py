"""The mutation plan (rencana mutasi): from needs and people to a plan that is optimal, checked and explained."""
